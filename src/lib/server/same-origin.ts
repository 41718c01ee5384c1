/** Names under which a browser on this machine may call a server that listens on loopback. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The host names this server answers to: a page of another name that resolves to us must not read our data. */
function allowedHosts(env: NodeJS.ProcessEnv): string[] | null {
  if (!env.ORIGIN) return null;
  const origin = new URL(env.ORIGIN);
  const names = LOOPBACK.includes(origin.hostname) ? LOOPBACK : [origin.hostname];
  return names.map((name) => (origin.port ? `${name}:${origin.port}` : name));
}

/**
 * Why a request is refused, or null: an unknown host name (DNS rebinding), or a form sent from another site.
 * SvelteKit's own check knows one origin only, and `localhost` and `127.0.0.1` are both ours.
 */
export function foreignRequest(request: Request, env: NodeJS.ProcessEnv = process.env): string | null {
  const host = request.headers.get('host');
  const hosts = allowedHosts(env);
  if (hosts && (host === null || !hosts.includes(host)))
    return `L’adresse « ${host ?? ''} » n’est pas celle de ce serveur.`;
  const origin = request.headers.get('origin');
  if (request.method === 'GET' || request.method === 'HEAD' || origin === null) return null;
  const sender = URL.canParse(origin) ? new URL(origin).host : null;
  return sender === host ? null : 'Ce formulaire vient d’un autre site : il est refusé.';
}
