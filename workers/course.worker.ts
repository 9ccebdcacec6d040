import { expose } from 'comlink';
import { InThreadCourse } from './service/course';
import { holdLifeline } from './service/lifeline';
import { movingCourse } from './service/movingCourse';

const lifeline = holdLifeline();
expose(Object.assign(movingCourse(new InThreadCourse()), { lifeline: () => lifeline }));
