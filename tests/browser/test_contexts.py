"""What one test's page stored, no other test's page finds: contexts of the browser are used again."""

STORE = "() => { localStorage.setItem('mapcore-tour', 'seen'); document.cookie = 'kept=1'; }"
STORED = "() => [Object.keys(localStorage), document.cookie]"


def test_a_context_that_is_used_again_has_nothing_stored(contexts, app_url):
    lent = contexts.lend(locale="uk-UA")
    page = lent.new_page()
    page.goto(f"{app_url}/ready")
    page.evaluate(STORE)
    assert page.evaluate(STORED) == [["mapcore-tour"], "kept=1"]
    meanwhile = contexts.lend(locale="uk-UA")
    assert meanwhile is not lent
    contexts.take_back(lent, locale="uk-UA")
    assert contexts.lend(locale="en-GB") is not lent
    again = contexts.lend(locale="uk-UA")
    assert again is lent
    assert again.pages == []
    page = again.new_page()
    page.goto(f"{app_url}/ready")
    assert page.evaluate(STORED) == [[], ""]
