// Where else somebody is told what comes into their inbox.
import { el } from "../lib/dom.js";
import { counted } from "../lib/format.js";
import { subscribeHere, takesPush } from "../net/push.js";

const TITLES = { webhook: "Webhook", email: "E-mail", chat: "Chat", push: "Browsers" };
const CHOICES = { off: "nothing", info: "everything", warning: "warnings and errors", error: "errors" };

/** `act(work)` does what a person asked for; `secrets` has those that were shown last, by channel. */
export function drawDelivery(node, channels, secrets, act, api) {
  const shown = JSON.stringify([channels, [...secrets]]);
  // What somebody is writing stays, as long as nothing is new.
  if (node.dataset.shown !== shown) {
    node.dataset.shown = shown;
    node.replaceChildren(...channels.map((channel) => channelView(channel, secrets, act, api)));
  }
}

function channelView(channel, secrets, act, api) {
  const title = TITLES[channel.channel] ?? channel.channel;
  const from = el("select", { "aria-label": `${title}: what is sent` },
    ...Object.entries(CHOICES).map(([value, text]) => el("option", { value, selected: value === channel.from }, text)));
  const url = channel.channel === "webhook"
    && el("input", { "aria-label": "Address of the webhook", type: "url", placeholder: "https://example.com/hooks", value: channel.url ?? "" });
  const save = async () => {
    const saved = await api.setDelivery(channel.channel, from.value, (url && url.value) || undefined);
    secrets.set(channel.channel, saved.secret);
  };
  return el("li", { "data-channel": channel.channel },
    el("form", { class: "row", onsubmit: (event) => { event.preventDefault(); act(save); } },
      el("span", { class: "name" }, title), from, url,
      el("button", { "aria-label": `Save: ${title}` }, "Save"),
      channel.from !== "off"
        && el("button", { type: "button", "aria-label": `Test: ${title}`, onclick: () => act(() => api.testDelivery(channel.channel)) }, "Test"),
      el("span", { class: "about" }, states(channel))),
    channel.devices && devicesView(channel, act, api),
    channel.fault && el("p", { class: "body" }, channel.fault),
    secrets.get(channel.channel)
      && el("p", { class: "body" }, "Verify with this secret, which is not shown again: ", el("code", {}, secrets.get(channel.channel))));
}

/** Adding a browser turns its notifications on. */
function devicesView({ devices, publicKey, from }, act, api) {
  const add = async () => {
    await api.addDevice(await subscribeHere(publicKey));
    if (from === "off") {
      await api.setDelivery("push", "info");
    }
  };
  return el("div", { class: "buttons" },
    ...devices.map(({ deviceId, name }) => el("span", { class: "device" }, name, " ",
      el("button", { class: "link", type: "button", "aria-label": `Remove ${name}`, onclick: () => act(() => api.removeDevice(deviceId)) }, "Remove"))),
    takesPush() && el("button", { type: "button", onclick: () => act(add) }, "Add this browser"));
}

function states({ waiting, failed }) {
  return [waiting > 0 && `${counted(waiting, "item")} waiting`, failed > 0 && `${counted(failed, "item")} not sent`].filter(Boolean).join(", ");
}
