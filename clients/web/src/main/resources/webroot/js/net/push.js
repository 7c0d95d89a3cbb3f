// Messages to this browser by its own push service.

/** Not where the page is reached without TLS, except on this machine. */
export const takesPush = () => "serviceWorker" in navigator && "PushManager" in window;

/** Asks for permission and returns the address at which the server reaches this browser. */
export async function subscribeHere(publicKey) {
  await navigator.serviceWorker.register("/sw.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: publicKey });
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, p256dh: keys.p256dh, auth: keys.auth, name: nameHere() };
}

function nameHere() {
  const [, browser = "Browser"] = /(Firefox|Edg|OPR|Chrome|Safari)\//.exec(navigator.userAgent) ?? [];
  const [, system] = /(Windows|Android|iPhone|Mac OS|Linux)/.exec(navigator.userAgent) ?? [];
  return system === undefined ? browser : `${browser} on ${system}`;
}
