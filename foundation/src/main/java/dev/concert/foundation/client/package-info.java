/** The gateway's operations, called over the bus in the name of members. */
package dev.concert.foundation.client;
