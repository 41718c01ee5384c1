import { request, type OutgoingHttpHeaders } from 'node:http';

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends a request as it is written, without what a browser or fetch would correct: path, Host, Origin. */
export function rawRequest(
  address: string,
  path: string,
  options: { method?: string; headers?: OutgoingHttpHeaders; body?: string } = {}
): Promise<Answer> {
  const { hostname, port } = new URL(address);
  const { method = 'GET', body } = options;
  const headers = { accept: 'text/html', ...options.headers };
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method, headers, setHost: !('host' in headers) }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks).toString() })
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
