// The command line as `npm run agent` calls it: npm changes into the repository first, but folders are meant from where
// the person stands.
if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
await import('../dist/cli.cjs');
