import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ out: 'build' }),
    csp: {
      mode: 'nonce',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        // Charts and components set sizes and colours in style attributes.
        'style-src': ['self', 'unsafe-inline'],
        'img-src': ['self', 'data:'],
        'font-src': ['self', 'data:'],
        'connect-src': ['self'],
        'form-action': ['self'],
        'base-uri': ['none'],
        'frame-ancestors': ['none']
      }
    },
    // Checked in src/lib/server/same-origin.ts, which knows that localhost and 127.0.0.1 are both this server.
    csrf: { trustedOrigins: ['*'] },
    typescript: {
      config: (config) => ({
        ...config,
        include: [...config.include, '../src/cli/**/*.ts', '../tests/**/*.ts', '../vite.config.ts', '../*.config.ts']
      })
    }
  }
};
