import '@fontsource-variable/inter/wght.css';
import '@mantine/core/styles.layer.css';
import './ui/global.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { queryClient } from './api/query-client.ts';
import { rootPath } from './api/root-path.ts';
import { App } from './app.tsx';
import { preferredLanguage, setLanguage } from './language/language-store.ts';
import { cssVariables, theme } from './ui/theme.ts';

const Notices = lazy(() => import('./ui/notices.tsx'));

// A build that was replaced while this page was open: its parts are gone, and a reload brings the new ones.
addEventListener('vite:preloadError', () => location.reload());
// Before anything is shown, so that nothing changes its language under the reader's eyes.
await setLanguage(preferredLanguage()).catch(() => setLanguage('en'));

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element for its content.');
createRoot(root).render(
  <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
    <QueryClientProvider client={queryClient}>
      <Suspense>
        <Notices />
      </Suspense>
      <BrowserRouter basename={rootPath}>
        <App />
      </BrowserRouter>
    </QueryClientProvider>
  </MantineProvider>,
);
