/**
 * From where a client comes: its address, also behind a proxy that the operator trusts, and how
 * often that address may fail to authenticate.
 */
package dev.concert.gateway.auth.address;
