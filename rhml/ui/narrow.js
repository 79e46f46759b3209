// On a narrow screen the sidebar lies over the page. Whoever went somewhere from it wants to see where to: a press on
// the page beside it is what Streamlit closes it by.
(() => {
if (window.rhmlNarrow) return;
window.rhmlNarrow = true;

const WAYS = 'a, .st-key-five_fields button, [data-testid=stFormSubmitButton] button';

document.addEventListener('click', event => {
  const way = event.target instanceof Element && event.target.closest(WAYS);
  if (!way || !way.closest('[data-testid=stSidebar]')) return;
  document.querySelector('[data-testid=stMain]')?.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
});
})();
