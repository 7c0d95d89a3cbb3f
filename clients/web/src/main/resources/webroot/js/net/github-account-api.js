// Apps of the tenant on GitHub, and who the member is there.
import { ask } from "./http.js";

const APPS = "/api/github/apps";
const LINK = "/api/github/link";
const post = (address, body) => ask("POST", address, JSON.stringify(body));

export const listApps = async () => (await ask("GET", "/api/bridges")).bridges.filter((one) => one.platform === "github");
export const beginApp = (organization) => post(`${APPS}/manifest`, organization === "" ? {} : { organization });
export const connectApp = (code, state) => post(`${APPS}/conversion`, { code, state });
export const bindInstallation = (connectionId, installationId) =>
  ask("PUT", `${APPS}/${encodeURIComponent(connectionId)}/installations/${installationId}`, JSON.stringify({}));

export const readLink = () => ask("GET", LINK);
export const beginLink = (connectionId) => post(LINK, connectionId === null ? {} : { connectionId });
export const completeLink = (state, code) => post(`${LINK}/completion`, { state, code });
export const removeLink = () => ask("DELETE", LINK);
