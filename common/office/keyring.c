// keyring.c - whose keys are known here, and who says so.
#include "inside.h"
#include "proto/mutant.h"
#include <string.h>

bool keyring_above(const struct office *o, const struct code *by, const struct code *unit)
{
    if (code_same(by, &o->id.unit))
        return true;
    for (unsigned i = 0; i < o->id.n_signers; i++)
        if (code_same(by, &o->id.signers[i].unit))
            return true;
    uint32_t u = o->plan ? plan_unit_of(o->plan, code_bytes(unit)) : PLAN_NONE;
    return u != PLAN_NONE && !code_same(by, unit) && plan_may_speak(o->plan, code_bytes(by), u);
}

// Nobody brings in a key for a unit that it may not speak for. Judged when it is asked for, because a
// plan may come later than the words.
static bool counts(const struct office *o, const struct known_key *k)
{
    return keyring_above(o, &k->by, &k->unit) || MUTANT(key_by_a_stranger);
}

static uint32_t of_unit(const struct office *o, uint32_t i, struct bytes unit)
{
    while (i != CHAIN_END && !bytes_same(code_bytes(&o->keys[i].unit), unit))
        i = chains_next(&o->key_chains, i);
    return i;
}

uint32_t keyring_first(const struct office *o, struct bytes unit)
{
    return of_unit(o, chains_first(&o->key_chains, bytes_hash(unit)), unit);
}

uint32_t keyring_next(const struct office *o, uint32_t i)
{
    return of_unit(o, chains_next(&o->key_chains, i), code_bytes(&o->keys[i].unit));
}

static struct known_key *known(const struct office *o, const struct code *unit, const uint8_t *key,
                               const struct code *by)
{
    uint32_t i = keyring_first(o, code_bytes(unit));
    while (i != CHAIN_END &&
           (memcmp(o->keys[i].key, key, KEY_SIZE) != 0 || !code_same(&o->keys[i].by, by)))
        i = keyring_next(o, i);
    return i == CHAIN_END ? NULL : &o->keys[i];
}

struct known_key *keyring_learn(struct office *o, const struct code *unit, const uint8_t *key,
                                const struct code *by)
{
    struct known_key *k = known(o, unit, key, by);
    if (k)
        return k;
    o->keys = grown(o->keys, o->n_keys, &o->cap_keys, sizeof *o->keys);
    k = &o->keys[o->n_keys++];
    *k = (struct known_key){.unit = *unit, .by = *by};
    memcpy(k->key, key, KEY_SIZE);
    chains_add(&o->key_chains, bytes_hash(code_bytes(unit)));
    return k;
}

void keyring_retire(struct office *o, const struct code *unit, const uint8_t *key,
                    const struct code *by)
{
    keyring_learn(o, unit, key, by)->retired = true;
}

void keyring_forget(struct office *o)
{
    o->n_keys = 0;
    chains_clear(&o->key_chains);
}

bool keyring_knows(const struct office *o, const struct code *unit, const uint8_t *key)
{
    uint32_t i = keyring_first(o, code_bytes(unit));
    while (i != CHAIN_END &&
           (memcmp(o->keys[i].key, key, KEY_SIZE) != 0 || !counts(o, &o->keys[i])))
        i = keyring_next(o, i);
    return i != CHAIN_END;
}

bool keyring_good(const struct office *o, struct bytes unit, const uint8_t *key)
{
    bool good = false;
    for (uint32_t i = keyring_first(o, unit); i != CHAIN_END; i = keyring_next(o, i)) {
        if (memcmp(o->keys[i].key, key, KEY_SIZE) != 0 || !counts(o, &o->keys[i]))
            continue;
        if (o->keys[i].retired && !MUTANT(retired_key_taken))
            return false;
        good = true;
    }
    return good;
}

const uint8_t *keyring_for(const struct office *o, const struct log_id *id, const uint8_t *prev)
{
    uint8_t start[HASH_SIZE];
    struct bytes author = code_bytes(&id->author);
    for (uint32_t i = keyring_first(o, author); i != CHAIN_END; i = keyring_next(o, i)) {
        if (!counts(o, &o->keys[i]))
            continue;
        chain_start(o->id.election, id, o->keys[i].key, start);
        if (memcmp(start, prev, HASH_SIZE) == 0)
            return o->keys[i].key;
    }
    return NULL;
}
