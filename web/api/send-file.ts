import { ApiError, errorFromBody } from './request.ts';
import { apiUrl } from './root-path.ts';

type Sent = { document_id: number; duplicate: boolean };
type Options = {
  path: string;
  method: 'POST' | 'PUT';
  onProgress: (share: number) => void;
  signal: AbortSignal;
};

/**
 * Uploads a file and does not wait for its processing. XMLHttpRequest, because fetch tells nothing of how far it is.
 *
 * @throws ApiError
 */
export function sendFile(file: File, { path, method, onProgress, signal }: Options): Promise<Sent> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, apiUrl(path));
    request.setRequestHeader('prefer', 'respond-async');
    request.responseType = 'json';
    request.upload.onprogress = ({ lengthComputable, loaded, total }) => {
      if (lengthComputable) onProgress(loaded / total);
    };
    request.onload = () => {
      if (request.status < 300) resolve(request.response);
      else reject(errorFromBody(request.status, request.response));
    };
    request.onerror = () =>
      reject(new ApiError('unreachable', 'The server can’t be reached.', { status: 0 }));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener('abort', () => request.abort(), { once: true });
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}
