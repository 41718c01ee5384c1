import adapter from '@sveltejs/adapter-node';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ out: 'build' }),
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
