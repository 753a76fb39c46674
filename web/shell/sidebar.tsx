import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { NavLink } from 'react-router';
import { useText } from '../language/language-store.ts';
import { SessionList } from '../sessions/session-list.tsx';
import { IconChartBar, IconFiles, IconFlask, IconHeartbeat, IconPencilPlus, IconUser } from '../ui/icons.ts';
import { Logo } from '../ui/logo.tsx';
import { AnswerMode } from './answer-mode.tsx';
import { DisplayMenu } from './display-menu.tsx';
import styles from './shell.module.css';

const AdminLink = lazy(() => import('../admin/admin-link.tsx'));

const links = [
  { to: '/documents', label: 'shell.documents', Icon: IconFiles },
  { to: '/search', label: 'search.title', Icon: IconFlask },
  { to: '/evaluation', label: 'evaluation.title', Icon: IconChartBar },
  { to: '/system', label: 'system.title', Icon: IconHeartbeat },
  { to: '/account', label: 'account.title', Icon: IconUser },
] as const;

type Props = { onNavigate: () => void; onNewChat: () => void };

/** Chats, and the way to everything else. */
export function Sidebar({ onNavigate, onNewChat }: Props) {
  const t = useText();
  return (
    <>
      <div className={styles.brandWide}>
        <Logo />
        Lectern
      </div>
      <div className={styles.top}>
        <Button
          variant="default"
          justify="flex-start"
          leftSection={<IconPencilPlus size={18} stroke={1.7} />}
          onClick={onNewChat}
          className={styles.newChat}
        >
          {t('shell.newChat')}
        </Button>
      </div>
      <SessionList onNavigate={onNavigate} />
      <div ref={tellHeight} className={styles.foot}>
        {links.map(({ to, label, Icon }) => (
          <NavLink key={to} to={to} className={styles.link ?? ''} onClick={onNavigate}>
            <Icon size={18} stroke={1.7} />
            {t(label)}
          </NavLink>
        ))}
        <Suspense>
          <AdminLink onNavigate={onNavigate} />
        </Suspense>
        <div className={styles.footTools}>
          <AnswerMode />
          <DisplayMenu />
        </div>
      </div>
    </>
  );
}

/** The tray of uploads stands above the foot, which has as many links as one may use. */
function tellHeight(foot: HTMLElement | null) {
  if (!foot) return;
  const { style } = document.documentElement;
  const observer = new ResizeObserver(() => style.setProperty('--foot-height', `${foot.offsetHeight}px`));
  observer.observe(foot);
  return () => observer.disconnect();
}
