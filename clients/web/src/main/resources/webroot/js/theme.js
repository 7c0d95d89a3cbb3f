// Before anything is painted: the colours that were chosen in this browser, else those of the system.
try {
  document.documentElement.dataset.theme = localStorage.getItem("concert.theme") ?? "system";
} catch {
  // A browser that keeps nothing has the system's colours.
}
