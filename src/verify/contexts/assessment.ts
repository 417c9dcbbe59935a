// The assessment extension: how what a badge is awarded for was examined, with questions and rubrics.
import type { ObjectShape } from "./extension-shape.ts";
import { type ContextObject, SCHEMA, sameNames } from "./namespaces.ts";

export const ASSESSMENT_TERMS: ContextObject = {
  schema: SCHEMA,
  case: "https://purl.imsglobal.org/spec/case/vocab#",
  Artifact: "extensions:AssessmentExtensionArtifact",
  Exam: "extensions:AssessmentExtensionExam",
  ExternalQuestion: "extensions:AssessmentExtensionExternalQuestion",
  FileQuestion: "extensions:AssessmentExtensionFileQuestion",
  Performance: "extensions:AssessmentExtensionPerformance",
  TextQuestion: "extensions:AssessmentExtensionTextQuestion",
  assessmentEvaluation: "extensions:assessmentEvaluation",
  assessmentExample: "extensions:assessmentExample",
  assessmentOutput: "extensions:assessmentOutput",
  assessments: "extensions:assessments",
  characterLimit: "extensions:assessmentCharacterLimit",
  evaluationMethod: "extensions:assessmentEvaluationMethod",
  hasGroupEvaluation: "extensions:assessmentHasGroupEvaluation",
  hasGroupParticipation: "extensions:assessmentHasGroupParticipation",
  questions: "extensions:assessmentQuestions",
  required: "extensions:assessmentRequired",
  sections: "extensions:assessmentSections",
  scoringMethodExampleDescription: "extensions:assessmentScoringMethodExampleDescription",
  wordLimit: "extensions:assessmentWordLimit",
  text: "schema:text",
  caseUri: "case:uri",
  criterionLevels: "case:CFRubricCriterionLevels",
  rubricCriteria: "case:CFRubricCriteria",
  ...sameNames("case", "category description identifier lastChangeDateTime position quality"),
  ...sameNames("case", "rubricId rubrics score title weight"),
};

/** What an item of a rubric has whatever it is (IMS CASE 1.0). */
const ITEM = { identifier: "uuid", lastChangeDateTime: "dateTime", caseUri: "uri" } as const;

const LEVEL: ObjectShape = {
  properties: {
    ...ITEM,
    quality: "text",
    score: "number",
    description: "text",
    position: "number",
  },
  required: ["identifier", "description"],
};

const CRITERION: ObjectShape = {
  properties: {
    ...ITEM,
    category: "text",
    description: "text",
    weight: "number",
    position: "number",
    criterionLevels: LEVEL,
  },
  required: ["identifier"],
};

const RUBRIC: ObjectShape = {
  properties: { ...ITEM, title: "text", rubricCriteria: CRITERION },
  required: ["identifier", "title", "rubricCriteria"],
};

const QUESTION: ObjectShape = {
  types: ["ExternalQuestion", "FileQuestion", "TextQuestion"],
  properties: {
    text: "text",
    rubricId: "text",
    url: "uri",
    required: "boolean",
    wordLimit: "number",
    characterLimit: "number",
  },
  required: ["text"],
};

const SECTION: ObjectShape = {
  properties: {
    title: "text",
    description: "text",
    rubricId: "text",
    url: "uri",
    required: "boolean",
    questions: QUESTION,
  },
  required: [],
};

const PART: ObjectShape = {
  types: ["Exam", "Performance", "Artifact"],
  properties: {
    description: "text",
    assessmentOutput: "text",
    hasGroupParticipation: "boolean",
    hasGroupEvaluation: "boolean",
    evaluationMethod: "text",
    assessmentExample: "uri",
    scoringMethodExampleDescription: "text",
    assessmentEvaluation: "uri",
    rubrics: RUBRIC,
    sections: SECTION,
  },
  required: [
    "description",
    "assessmentOutput",
    "hasGroupParticipation",
    "hasGroupEvaluation",
    "evaluationMethod",
  ],
};

export const ASSESSMENT: ObjectShape = {
  properties: { description: "text", assessments: PART },
  required: ["description", "assessments"],
};
