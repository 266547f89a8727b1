// Before anything is painted: the colours that were chosen here last.
(() => {
  const chosen = localStorage.getItem('penstock.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
})();
