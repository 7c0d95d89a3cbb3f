/**
 * Webhooks that GitHub could not deliver, for example while Concert was down. GitHub does not send
 * them again by itself: {@link dev.concert.github.delivery.FailedDeliveries} asks it to.
 */
package dev.concert.github.delivery;
