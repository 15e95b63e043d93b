/** Says why there is nothing to see, and what would change that. */
export function Empty({ title, hint }: { readonly title: string; readonly hint: string }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p>{hint}</p>
    </div>
  );
}
