import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { useSignInNeeded } from './api/sign-in-needed.ts';
import { ChatPage } from './chat/chat-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { Shell } from './shell/shell.tsx';

const DocumentsPage = lazy(() => import('./documents/documents-page.tsx'));
const SearchPage = lazy(() => import('./search/search-page.tsx'));
const EvaluationPage = lazy(() => import('./evaluation/evaluation-page.tsx'));
const SystemPage = lazy(() => import('./system/system-page.tsx'));
const DocumentPage = lazy(() => import('./documents/document-page.tsx'));
const AccountPage = lazy(() => import('./accounts/account-page.tsx'));
const AdministrationPage = lazy(() => import('./admin/administration-page.tsx'));
const SignInPage = lazy(() => import('./accounts/sign-in-page.tsx'));
const LinkPage = lazy(() => import('./accounts/link-pages.tsx'));

/** Every view and its address; contract/pages.ts tells the server of them. */
export function App() {
  return (
    <Suspense>
      <Routes>
        <Route path="/set-up" element={<LinkPage of="set-up" />} />
        <Route path="/invite" element={<LinkPage of="invite" />} />
        <Route path="/reset-password" element={<LinkPage of="reset" />} />
        <Route path="*" element={<Views />} />
      </Routes>
    </Suspense>
  );
}

/** What is there once one is signed in, where that is needed. */
function Views() {
  if (useSignInNeeded()) return <SignInPage />;
  return (
    <Shell>
      <Suspense>
        <Routes>
          <Route path="/" element={<ChatPage />} />
          <Route path="/chat/:id" element={<ChatPage />} />
          <Route path="/documents" element={<DocumentsPage />} />
          <Route path="/documents/:id" element={<DocumentPage />} />
          <Route path="/search" element={<SearchPage />} />
          <Route path="/evaluation" element={<EvaluationPage />} />
          <Route path="/system" element={<SystemPage />} />
          <Route path="/account" element={<AccountPage />} />
          <Route path="/admin/*" element={<AdministrationPage />} />
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Suspense>
    </Shell>
  );
}
