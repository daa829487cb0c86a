const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';

/** `example.com`, `*.example.com`, `localhost:3000`, `*`: a host, or all below one, at ports 80 and 443 unless one is named. */
export const domainPattern = new RegExp(`^(?:\\*|(?:\\*\\.)?${label}(?:\\.${label})*)(?::\\d{1,5})?$`, 'i');
