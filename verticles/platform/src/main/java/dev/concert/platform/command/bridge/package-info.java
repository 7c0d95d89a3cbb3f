/** {@code concert bridge}: connects chat platforms to the server that runs. */
package dev.concert.platform.command.bridge;
