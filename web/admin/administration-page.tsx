import { Skeleton, Title } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Navigate, NavLink, Route, Routes, useLocation } from 'react-router';
import type { Permission } from '../../contract/accounts/permissions.ts';
import { useAccount } from '../api/accounts.ts';
import { type AdministrationText, useAdministrationText } from '../language/use-administration-text.ts';
import { NotFoundPage } from '../shell/not-found-page.tsx';
import { usePageTitle } from '../shell/page-title.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './administration-page.module.css';

const UsersView = lazy(() => import('./views/users-view.tsx'));
const WorkspacesView = lazy(() => import('./views/workspaces-view.tsx'));
const WorkspaceMembersView = lazy(() => import('./views/workspace-members-view.tsx'));
const DocumentsView = lazy(() => import('./documents/documents-view.tsx'));
const DocumentPartsView = lazy(() => import('./documents/document-parts-view.tsx'));
const JobsView = lazy(() => import('./views/jobs-view.tsx'));
const KeysView = lazy(() => import('./views/keys-view.tsx'));
const AuditLogView = lazy(() => import('./views/audit-log-view.tsx'));
const SettingsView = lazy(() => import('./settings/settings-view.tsx'));
const SettingHistoryView = lazy(() => import('./settings/setting-history-view.tsx'));
const ChatAccessView = lazy(() => import('./chats/chat-access-view.tsx'));
const ChatsView = lazy(() => import('./chats/chats-view.tsx'));
const ChatView = lazy(() => import('./chats/chat-view.tsx'));

type View = { to: string; label: Parameters<AdministrationText>[0]; needs: Permission };
type Part = { label: View['label']; views: readonly View[] };

/** What concerns the whole server, and what the workspace that one works in. */
const parts: readonly Part[] = [
  {
    label: 'admin.workspace',
    views: [
      { to: 'documents', label: 'admin.documents', needs: 'manage' },
      { to: 'jobs', label: 'admin.jobs', needs: 'manage' },
      { to: 'keys', label: 'admin.keys', needs: 'manage' },
      { to: 'audit-log', label: 'admin.auditLog', needs: 'manage' },
      { to: 'chat-access', label: 'admin.chatAccess', needs: 'manage' },
    ],
  },
  {
    label: 'admin.server',
    views: [
      { to: 'settings', label: 'admin.settings', needs: 'administer' },
      { to: 'users', label: 'admin.users', needs: 'administer' },
      { to: 'workspaces', label: 'admin.workspaces', needs: 'administer' },
      { to: 'server/jobs', label: 'admin.jobs', needs: 'administer' },
      { to: 'server/keys', label: 'admin.keys', needs: 'administer' },
      { to: 'server/audit-log', label: 'admin.auditLog', needs: 'administer' },
      { to: 'chats', label: 'admin.chats', needs: 'administer' },
    ],
  },
];

/** All that can be administered, each view at an address of its own. */
export default function AdministrationPage() {
  const a = useAdministrationText();
  const { data: account, error } = useAccount();
  usePageTitle(a('admin.title'));
  const { pathname } = useLocation();
  if (error) return <ErrorNote error={error} />;
  if (!account) return <Skeleton m="xl" h={320} />;
  const shown = parts
    .map(({ label, views }) => ({
      label,
      views: views.filter(({ needs }) => account.permissions.includes(needs)),
    }))
    .filter(({ views }) => views.length > 0);
  const [first] = shown.flatMap(({ views }) => views);
  if (!first) return <NotFoundPage />;
  const isAtRoot = /\/admin\/?$/.test(pathname);
  return (
    <div className={styles.page}>
      <Title order={1} className={styles.title}>
        {a('admin.title')}
      </Title>
      <div className={styles.body}>
        <Views parts={shown} pathname={pathname} />
        <div className={styles.content}>
          <Suspense fallback={<Skeleton h={240} />}>
            {isAtRoot ? <Navigate to={`/admin/${first.to}`} replace /> : <ChosenView />}
          </Suspense>
        </div>
      </div>
    </div>
  );
}

function Views({ parts: shown, pathname }: { parts: readonly Part[]; pathname: string }) {
  const a = useAdministrationText();
  const nav = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address says which one is current.
  useEffect(() => {
    // On a phone they are one line, of which a part is seen.
    const current = nav.current?.querySelector('[aria-current=page]');
    current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <nav ref={nav} className={`${styles.views} scroll`} aria-label={a('admin.views')} tabIndex={-1}>
      {shown.map(({ label, views }) => (
        <div key={label} className={styles.part}>
          <h2 className={styles.partTitle}>{a(label)}</h2>
          {views.map(view => (
            <NavLink key={view.to} to={`/admin/${view.to}`} className={styles.view ?? ''}>
              {a(view.label)}
            </NavLink>
          ))}
        </div>
      ))}
    </nav>
  );
}

function ChosenView() {
  return (
    <Routes>
      <Route path="documents" element={<DocumentsView />} />
      <Route path="documents/:id" element={<DocumentPartsView />} />
      <Route path="jobs" element={<JobsView key="workspace" of="workspace" />} />
      <Route path="keys" element={<KeysView key="workspace" of="workspace" />} />
      <Route path="audit-log" element={<AuditLogView key="workspace" of="workspace" />} />
      <Route path="chat-access" element={<ChatAccessView />} />
      <Route path="settings" element={<SettingsView />} />
      <Route path="settings/history" element={<SettingHistoryView />} />
      <Route path="users" element={<UsersView />} />
      <Route path="workspaces" element={<WorkspacesView />} />
      <Route path="workspaces/:id" element={<WorkspaceMembersView />} />
      <Route path="server/jobs" element={<JobsView key="server" of="server" />} />
      <Route path="server/keys" element={<KeysView key="server" of="server" />} />
      <Route path="server/audit-log" element={<AuditLogView key="server" of="server" />} />
      <Route path="chats" element={<ChatsView />} />
      <Route path="chats/:workspace/:id" element={<ChatView />} />
      <Route path="*" element={<NotFoundPage />} />
    </Routes>
  );
}
