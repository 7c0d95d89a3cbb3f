/**
 * Telegram: updates by webhook, and the Bot API.
 *
 * <p>Telegram has neither a key nor a look-up for what was sent: a message of which nobody knows
 * whether it arrived is sent again, and marked so in the outbox.
 */
package dev.concert.bridges.telegram;
