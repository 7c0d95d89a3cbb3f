/** The commands about automations and the inbox. They ask the server that runs. */
package dev.concert.platform.command.automation;
