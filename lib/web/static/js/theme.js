// Sets the reader's theme before the first paint. Not a module: modules run later.
try {
  const theme = localStorage.getItem('wm-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be blocked; then the system's theme holds.
}
