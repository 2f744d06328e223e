"""The rules of accounts: roles, what a key may get, what a key's text is."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motorpool.apps.registry import FEATURES
from motorpool.features.accounts.model import (
    ALL,
    ROLE_PERMISSIONS,
    PermissionNotYours,
    PermissionUnknown,
    api_key_text,
    grantable,
    new_token,
    parse_api_key,
    permissions_of,
    scope_of,
)

SOME = st.sets(st.sampled_from(sorted(ALL)))


def test_every_permission_a_feature_declares_is_one_and_an_administrator_has_all() -> None:
    assert {one for feature in FEATURES for one in feature.permissions} == ALL == permissions_of("admin")


def test_every_role_may_only_do_what_an_administrator_may_and_only_managers_write() -> None:
    for role, permissions in ROLE_PERMISSIONS.items():
        assert permissions <= ALL
        assert any(one.endswith(".write") for one in permissions) == (role in ("admin", "fleet_manager"))
    assert permissions_of("king") == frozenset()


def test_only_a_driver_sees_no_more_than_his_own() -> None:
    assert {role for role in ROLE_PERMISSIONS if scope_of(role) == "own"} == {"driver"}
    assert scope_of("king") == "all"


@given(SOME, SOME)
def test_a_key_gets_what_was_wanted_if_its_maker_has_it(wanted: set[str], own: set[str]) -> None:
    if wanted <= own:
        assert grantable(sorted(wanted), frozenset(own)) == sorted(wanted)
    else:
        with pytest.raises(PermissionNotYours):
            grantable(sorted(wanted), frozenset(own))
    assert grantable(None, frozenset(own)) == sorted(own)


def test_a_permission_nobody_has_is_told() -> None:
    with pytest.raises(PermissionUnknown, match="'fly'"):
        grantable(["vehicles.read", "fly"], frozenset(ALL))


@given(st.uuids())
def test_the_text_of_a_key_gives_back_its_id_and_secret(id: UUID) -> None:
    secret = new_token()
    assert parse_api_key(api_key_text(id, secret)) == (id, secret)


@given(st.text())
def test_any_other_text_is_no_key(text: str) -> None:
    assert parse_api_key(text) is None


@pytest.mark.parametrize(
    "text",
    ["mpk_", "mpk__", "mpk_" + "0" * 32, "mpk_" + "0" * 32 + "_", "mpk_" + "g" * 32 + "_x", "MPK_" + "0" * 32 + "_x"],
)
def test_half_a_key_is_none(text: str) -> None:
    assert parse_api_key(text) is None


def test_tokens_are_long_and_never_the_same() -> None:
    made = {new_token() for _ in range(100)}
    assert len(made) == 100
    assert min(map(len, made)) >= 43
