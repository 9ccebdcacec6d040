/** Prints versions and licences of the packages that the product is made of, as a table: npx tsx scripts/licences.ts */
import { licenceTable } from './licenceTable';

console.log(licenceTable().join('\n'));
