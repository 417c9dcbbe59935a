// OB20-X-03: the assessment extension, held to what is published about it, part by part.
import { describe, expect, it } from "vitest";
import { type Members, verify, warnings } from "./world.ts";

const CONTEXT = "https://w3id.org/openbadges/extensions/assessmentExtension/context.json";
const ID = "0190f3b2-7c55-7d10-9a3e-5b1f0c2a9be1";

const level: Members = { identifier: ID, description: "Does it alone.", score: 2, position: 1 };
const criterion: Members = {
  identifier: ID,
  category: "Craft",
  weight: 0.5,
  lastChangeDateTime: "2026-01-01T00:00:00Z",
  caseUri: "https://case.example/1",
  criterionLevels: [level, { ...level, score: 1 }],
};
const rubric: Members = { identifier: ID, title: "How it is judged", rubricCriteria: criterion };
const question: Members = { type: "TextQuestion", text: "Why?", wordLimit: 100, required: false };
const section: Members = {
  title: "Reasons",
  url: "https://a.example/section",
  rubricId: ID,
  required: true,
  questions: [question, { type: "ExternalQuestion", text: "Where?", url: "https://a.example/q" }],
};
const exam: Members = {
  type: "Exam",
  description: "An hour of questions.",
  assessmentOutput: "Answers",
  hasGroupParticipation: false,
  hasGroupEvaluation: false,
  evaluationMethod: "Points.",
  assessmentExample: "https://a.example/exam",
  assessmentEvaluation: "https://a.example/study",
  scoringMethodExampleDescription: "Two for each.",
  rubrics: rubric,
  sections: section,
};
const whole: Members = {
  "@context": CONTEXT,
  type: ["Extension", "extensions:AssessmentExtension"],
  description: "One exam.",
  assessments: exam,
};

const judged = (extension: Members) =>
  verify({ change: { badge: { "extensions:assessment": extension } } });

const inExam = (members: Members): Members => ({ ...whole, assessments: { ...exam, ...members } });
const inSection = (members: Members) => inExam({ sections: { ...section, ...members } });
const inQuestion = (members: Members) => inSection({ questions: { ...question, ...members } });
const inRubric = (members: Members) => inExam({ rubrics: { ...rubric, ...members } });
const inCriterion = (members: Members) =>
  inRubric({ rubricCriteria: { ...criterion, ...members } });
const inLevel = (members: Members) => inCriterion({ criterionLevels: { ...level, ...members } });

describe("OB20-X-03 an assessment", () => {
  it.each<[string, Members]>([
    ["whole", whole],
    ["of several parts", { ...whole, assessments: [exam, { ...exam, type: "Artifact" }] }],
    ["without rubrics and sections", inExam({ rubrics: undefined, sections: undefined })],
    ["with an empty section", inExam({ sections: { title: "None" } })],
    ["with a rubric's item alone", inRubric({ rubricCriteria: { identifier: ID } })],
    ["with more than is known", inQuestion({ colour: "red" })],
  ])("%s holds what it must", async (_name, extension) => {
    const found = await judged(extension);
    expect([found.verdict, warnings(found)]).toEqual(["valid", []]);
    expect(found.checks.some(({ id, outcome }) => id === "extension" && outcome === "passed")).toBe(
      true,
    );
  });

  it.each<[string, Members]>([
    ["description is missing", { ...whole, description: undefined }],
    ["assessments is missing", { ...whole, assessments: undefined }],
    ["assessments is not an object", { ...whole, assessments: "An exam." }],
    ["assessments is of none of the types", inExam({ type: "Quiz" })],
    ["assessments is of none of the types", inExam({ type: undefined })],
    [
      "assessments is of none of the types",
      { ...whole, assessments: [exam, { ...exam, type: "TextQuestion" }] },
    ],
    ["assessmentOutput is missing", inExam({ assessmentOutput: undefined })],
    ["evaluationMethod is missing", inExam({ evaluationMethod: undefined })],
    ["hasGroupParticipation is missing", inExam({ hasGroupParticipation: undefined })],
    ["hasGroupEvaluation is not true or false", inExam({ hasGroupEvaluation: "no" })],
    ["assessmentExample is not an address", inExam({ assessmentExample: "an exam" })],
    ["required is not true or false", inSection({ required: "yes" })],
    ["url is not an address", inSection({ url: 7 })],
    ["text is missing", inQuestion({ text: undefined })],
    ["questions is of none of the types", inQuestion({ type: "Riddle" })],
    ["characterLimit is not a number", inQuestion({ characterLimit: "ten" })],
    ["title is missing", inRubric({ title: undefined })],
    ["rubricCriteria is missing", inRubric({ rubricCriteria: [] })],
    ["identifier is missing", inCriterion({ identifier: undefined })],
    ["identifier is not a UUID", inCriterion({ identifier: ID.toUpperCase() })],
    ["lastChangeDateTime is not a date", inCriterion({ lastChangeDateTime: "2026-01-01" })],
    ["caseUri is not an address", inCriterion({ caseUri: "here" })],
    ["description is missing", inLevel({ description: undefined })],
    ["score is not a number", inLevel({ score: "two" })],
  ])("of which %s is refused", async (words, extension) => {
    const found = await judged(extension);
    expect(found).toMatchObject({ verdict: "invalid", reason: "extension-invalid" });
    expect(found.words).toContain(words);
  });
});
