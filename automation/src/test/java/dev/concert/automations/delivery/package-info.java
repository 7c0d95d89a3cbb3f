/** Tests of the delivery of items. */
package dev.concert.automations.delivery;
