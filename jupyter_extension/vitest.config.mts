import { defineConfig } from 'vitest/config';

// JupyterLab's packages import styles and icons, which Vite has to read for them.
export default defineConfig({
    test: {
        environment: 'jsdom',
        include: ['tests/**/*.test.{ts,tsx}'],
        // Yjs and JupyterLab say these of every notebook that is in no page.
        onConsoleLog: log => !/Invalid access: Add Yjs|yjs#509|Clipboard API/.test(log),
        testTimeout: 60_000, // for a test that hangs, not to time anything
        setupFiles: ['tests/setup.ts'],
        server: { deps: { inline: [/@jupyterlab/, /@jupyter\//, /@lumino/] } }
    }
});
