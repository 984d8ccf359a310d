import "swagger-ui-dist/swagger-ui.css";
import "./docs.css";
import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import { apiAddress } from "../lib/origin.js";

SwaggerUI({
  domNode: document.querySelector("[data-docs]"),
  url: apiAddress("/openapi.json"),
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  validatorUrl: null,
});
