/** What this host's other services are given of Chronicle over sockets of the loopback address. */
package dev.concert.chronicle.loopback;
