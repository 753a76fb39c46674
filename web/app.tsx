import { lazy, Suspense } from 'react';
import { Route, Routes } from 'react-router';
import { ChatPage } from './chat/chat-page.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';
import { Shell } from './shell/shell.tsx';

const DocumentsPage = lazy(() => import('./documents/documents-page.tsx'));
const SearchPage = lazy(() => import('./search/search-page.tsx'));
const EvaluationPage = lazy(() => import('./evaluation/evaluation-page.tsx'));
const SystemPage = lazy(() => import('./system/system-page.tsx'));
const DocumentPage = lazy(() => import('./documents/document-page.tsx'));

/** Every view and its address; contract/pages.ts tells the server of them. */
export function App() {
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
          <Route path="*" element={<NotFoundPage />} />
        </Routes>
      </Suspense>
    </Shell>
  );
}
