/**
 * The server that a command uses: one that runs already, or one embedded in the command's own
 * process, with its data folder and its stop at exit.
 */
package dev.concert.platform.server;
