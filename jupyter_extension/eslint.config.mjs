import js from '@eslint/js';
import ts from 'typescript-eslint';

export default ts.config(
    { ignores: ['lib', 'node_modules', 'src/api/schema.d.ts'] },
    js.configs.recommended,
    ts.configs.strict,
    {
        files: ['**/*.ts', '**/*.tsx'],
        languageOptions: {
            parserOptions: { project: './tsconfig.test.json', tsconfigRootDir: import.meta.dirname }
        },
        rules: {
            '@typescript-eslint/no-floating-promises': 'error',
            '@typescript-eslint/no-misused-promises': 'error',
            '@typescript-eslint/switch-exhaustiveness-check': 'error',
            // A token and the interface that it stands for share their name in Lumino.
            '@typescript-eslint/no-redeclare': 'off',
            'no-redeclare': 'off'
        }
    }
);
