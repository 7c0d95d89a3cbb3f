/** What a service does for each of its tenants, from its start to its orderly stop. */
package dev.concert.foundation.tenant;
