// Writes what the person says, where the browser recognises speech; elsewhere there is no button.

/** `write` gets the text that was heard. */
export function voiceButton(button, write) {
  const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
  button.hidden = Recognition === undefined;
  let heard = null;
  const hears = (recognition) => {
    heard = recognition;
    button.setAttribute("aria-pressed", String(heard !== null));
  };
  button.addEventListener("click", () => {
    if (heard !== null) {
      heard.stop();
      return;
    }
    const recognition = new Recognition();
    recognition.lang = navigator.language;
    recognition.onresult = ({ results }) => write([...results].map(([best]) => best.transcript).join(" "));
    recognition.onend = () => hears(null);
    hears(recognition);
    recognition.start();
  });
}
