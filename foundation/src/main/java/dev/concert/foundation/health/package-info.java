/**
 * Health of a server that consists of parts. A <b>critical</b> part that is down takes the server
 * down; without another part the server is <b>degraded</b>.
 */
package dev.concert.foundation.health;
