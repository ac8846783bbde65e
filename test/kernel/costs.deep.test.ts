import { describeCosts, QUICK_COST } from './costs.js'

describeCosts(cost => cost >= QUICK_COST)
