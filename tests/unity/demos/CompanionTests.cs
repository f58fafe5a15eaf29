using System;
using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Behaviour;
using Sentio.Demos;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>The companion's face and expressions.</summary>
    [TestFixture]
    public class CompanionTests
    {
        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void TheFaceHasArkitsShapesAndEachMovesItOnItsSide()
        {
            Mesh mesh = FaceMesh.Make();
            Assert.AreEqual(52, mesh.blendShapeCount);
            var moved = new Vector3[mesh.vertexCount];
            for (int shape = 0; shape < 52; shape++)
            {
                string name = ArkitShapes.Name(shape);
                Assert.AreEqual(shape, mesh.GetBlendShapeIndex(name));
                mesh.GetBlendShapeFrameVertices(shape, 0, moved, null, null);
                float left = 0, right = 0;
                for (int i = 0; i < moved.Length; i++)
                {
                    // Unity is left-handed: looking along +Z, left is -X.
                    if (mesh.vertices[i].x < -0.01f) left += moved[i].magnitude;
                    if (mesh.vertices[i].x > 0.01f) right += moved[i].magnitude;
                }
                Assert.Greater(left + right, 0.02f, name + " moves the face");
                if (name.EndsWith("Left") && !name.StartsWith("jaw") && name != "mouthLeft") Assert.Greater(left, 5 * right, name);
                if (name.EndsWith("Right") && !name.StartsWith("jaw") && name != "mouthRight") Assert.Greater(right, 5 * left, name);
            }
        }

        [Test]
        public void TheFaceHasTwoSides()
        {
            Mesh mesh = FaceMesh.Make();
            Vector3[] points = mesh.vertices;
            int outwards = 0, inwards = 0;
            int[] corners = mesh.GetTriangles(0);
            for (int i = 0; i < corners.Length; i += 3)
            {
                Vector3 a = points[corners[i]], b = points[corners[i + 1]] - a, c = points[corners[i + 2]] - a;
                float towards = (b.y * c.z - b.z * c.y) * a.x + (b.z * c.x - b.x * c.z) * a.y + (b.x * c.y - b.y * c.x) * a.z;
                if (towards > 0) outwards++;
                else if (towards < 0) inwards++;
            }
            Assert.Greater(outwards, 1000);
            Assert.AreEqual(outwards, inwards);
            foreach (Vector3 point in points) Assert.Less(point.magnitude, 1.3f);
        }

        [Test]
        public void ItMirrorsJoyAndShowsConcernAtDistress()
        {
            var companion = new DemoRunner<Companion>();
            companion.Person.Scenario = SimulatedScenario.Joy;
            companion.Play(15);
            Assert.Greater(companion.Demo.Expression.Weight("mouthSmileLeft"), 0.4f);
            companion.Person.Scenario = SimulatedScenario.Stress;
            companion.Play(30);
            float mirrored = companion.Demo.Place.x;
            Assert.Less(companion.Demo.Expression.Weight("mouthSmileLeft"), 0.25f);
            companion.Press(KeyCode.Tab);
            Assert.IsFalse(companion.Demo.Mirrors);
            companion.Play(8);
            Assert.Greater(companion.Demo.Place.x, mirrored + 0.15f);
            Assert.Less(companion.Demo.Expression.Weight("browDownLeft"), 0.05f, "anger is never mirrored");
            Assert.Less(companion.Demo.Expression.Weight("noseSneerLeft"), 0.05f);
        }

        [Test]
        public void ARecordingMovesTheFaceNoFasterThanTheRailsAllow()
        {
            var companion = new DemoRunner<Companion>();
            companion.Recorded();
            var smile = new List<float>();
            List<float> place = companion.Play(150, one =>
            {
                smile.Add(one.Expression.Weight("mouthSmileLeft"));
                return one.Place.x;
            });
            Assert.Greater(DemoRunner<Companion>.Range(place), 0.2f);
            Assert.Greater(DemoRunner<Companion>.Range(smile), 0.1f);
            Assert.LessOrEqual(DemoRunner<Companion>.FastestRise(place), 2 * companion.Demo.Rails.Rise + 1e-3f);
        }

        [Test]
        public void ItBlinksAndLooksAway()
        {
            var companion = new DemoRunner<Companion>();
            var face = companion.Demo.Expression.Face;
            int blink = face.sharedMesh.GetBlendShapeIndex("eyeBlinkLeft"), look = face.sharedMesh.GetBlendShapeIndex("eyeLookOutLeft");
            List<float> shut = companion.Play(60, one => face.GetBlendShapeWeight(blink));
            Assert.Greater(DemoRunner<Companion>.Range(shut), 30);
            Assert.Greater(DemoRunner<Companion>.Range(companion.Play(60, one => face.GetBlendShapeWeight(look))), 5);
        }

        [Test]
        public void EachShapeIsShownInTurn()
        {
            var companion = new DemoRunner<Companion>();
            Stage.Call(companion.Demo, "ShowEach");
            var seen = new HashSet<string>();
            companion.Play(45, one =>
            {
                for (int i = 0; i < 52; i++) if (one.Expression.Weight(ArkitShapes.Name(i)) > 0.6f) seen.Add(ArkitShapes.Name(i));
                return 0;
            });
            Assert.AreEqual(52, seen.Count);
        }
    }
}
