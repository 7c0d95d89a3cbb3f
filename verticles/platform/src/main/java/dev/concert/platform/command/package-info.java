/**
 * The program {@code concert} and its commands. The packages below hold the commands that have
 * commands or parts of their own.
 */
package dev.concert.platform.command;
