/** Chat bridges in the real server, with played chat platforms. */
package dev.concert.platform.bridge;
