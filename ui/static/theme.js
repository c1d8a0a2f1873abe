// Runs before the first paint, so that a dark console never flashes white. External, because the CSP allows no inline script.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('muster.theme');
  } catch {
    // Storage is blocked: follow the system.
  }
  const isDark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', isDark);
})();
