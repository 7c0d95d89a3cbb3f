/** The {@code coordinator} section of the configuration: options, limits and timeouts. */
package dev.concert.coordinator.config;
