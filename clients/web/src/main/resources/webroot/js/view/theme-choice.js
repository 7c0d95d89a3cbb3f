// The switch between light, dark and the system's colours; theme.js takes the choice up before the next paint.

const CHOICE = "concert.theme";
const BARS = { light: "#f5f3ee", dark: "#191a18" };

export class ThemeChoice {
  #choice = document.getElementById("theme");
  #bars = [...document.querySelectorAll("meta[name=theme-color]")];

  constructor() {
    this.#choice.value = document.documentElement.dataset.theme ?? "system";
    this.#choice.addEventListener("change", () => this.#choose());
    this.#draw();
  }

  #choose() {
    document.documentElement.dataset.theme = this.#choice.value;
    localStorage.setItem(CHOICE, this.#choice.value);
    this.#draw();
  }

  // The bar of a phone's browser.
  #draw() {
    for (const bar of this.#bars) {
      bar.content = BARS[this.#choice.value] ?? BARS[bar.media.includes("dark") ? "dark" : "light"];
    }
  }
}
