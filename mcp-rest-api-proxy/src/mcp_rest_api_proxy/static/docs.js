// Swagger UI fetches the document once, before anybody is logged in. Here it is fetched again with the token that was
// entered under "Authorize", so that the page shows the caller's own tools. The token stays in this page's memory.
"use strict";
(() => {
  let token = null;
  const here = new URL("openapi.json", document.baseURI).href;

  const followsLogin = () => ({
    statePlugins: {
      auth: {
        wrapActions: {
          authorize: (original, system) => (payload) => {
            const answer = original(payload);
            token = payload.bearer ? payload.bearer.value : token;
            system.specActions.download(here);
            return answer;
          },
          logout: (original, system) => (payload) => {
            const answer = original(payload);
            token = null;
            system.specActions.download(here);
            return answer;
          },
        },
      },
    },
  });

  SwaggerUIBundle({
    url: here,
    dom_id: "#docs",
    deepLinking: true,
    filter: true,
    displayRequestDuration: true,
    persistAuthorization: false,
    validatorUrl: null,
    defaultModelsExpandDepth: 0,
    plugins: [followsLogin],
    requestInterceptor: (request) => {
      if (request.loadSpec && token && request.url === here) {
        request.headers.Authorization = `Bearer ${token}`;
      }
      return request;
    },
  });
})();
