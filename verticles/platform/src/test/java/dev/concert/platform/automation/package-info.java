/** Automations in the real server, with real agents. */
package dev.concert.platform.automation;
