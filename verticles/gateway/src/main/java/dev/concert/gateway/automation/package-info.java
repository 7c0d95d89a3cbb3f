/** The gateway's side of automations: it passes requests on to their engine, with who asks. */
package dev.concert.gateway.automation;
