/** {@code concert chronicle}: verifies, cleans and measures the stored contents of workspaces. */
package dev.concert.platform.command.chronicle;
