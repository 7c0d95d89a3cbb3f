/** What the tests of all platforms share. */
package dev.concert.bridges.platform;
