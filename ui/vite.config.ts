import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defineConfig } from 'vite';

const router = `http://127.0.0.1:${process.env.MUSTER_PORT ?? 4400}`;

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter({ pages: 'build', fallback: '200.html', precompress: true }),
      compilerOptions: {
        runes: ({ filename }) => (filename.includes('/node_modules/') ? undefined : true),
      },
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          // The terminal writes its own <style>; nothing else needs it.
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:'],
          'object-src': ['none'],
          'base-uri': ['none'],
          'form-action': ['self'],
        },
      },
    }),
  ],
  build: {
    target: 'es2023',
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What several pages use comes in one file instead of thirty small ones.
          groups: [{ name: 'shared', minShareCount: 4 }],
        },
      },
    },
  },
  server: { proxy: { '/graphql': { target: router, ws: true } } },
});
