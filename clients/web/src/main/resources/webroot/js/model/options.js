// The options of a question are texts, or objects with a value and a label.

export function optionOf(option) {
  if (typeof option === "object" && option !== null) {
    const value = String(option.value ?? option.label ?? "");
    return { value, label: String(option.label ?? value) };
  }
  return { value: String(option), label: String(option) };
}
